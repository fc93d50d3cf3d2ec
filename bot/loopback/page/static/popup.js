// Floats a list at its control, over everything, on the side with more room.

const ENOUGH = 160;

/** Show `popup` at `anchor`; gives a function that hides it. */
export function float(popup, anchor, width = anchor.getBoundingClientRect().width) {
  popup.popover = "manual";
  popup.showPopover();
  const box = anchor.getBoundingClientRect();
  const above = box.top - 12;
  const below = innerHeight - box.bottom - 12;
  const hidesSend = anchor.closest("form.command") && above > ENOUGH; // which stands below the options
  const upward = hidesSend || (below < Math.min(popup.scrollHeight, 300) && above > below);
  const wide = Math.min(Math.max(width, 200), innerWidth - 16);
  Object.assign(popup.style, {
    width: `${wide}px`,
    left: `${Math.max(8, Math.min(box.left, innerWidth - wide - 8))}px`,
    maxHeight: `${Math.max(120, Math.min(upward ? above : below, 360))}px`,
    top: upward ? "auto" : `${box.bottom + 4}px`,
    bottom: upward ? `${innerHeight - box.top + 4}px` : "auto",
  });
  return () => popup.matches(":popover-open") && popup.hidePopover();
}
