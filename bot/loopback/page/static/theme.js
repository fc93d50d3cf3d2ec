// The theme chosen before, set before anything is drawn. A picture's address names its own.
{
  const asked = new URLSearchParams(location.search).get("theme");
  let chosen = null;
  try { chosen = localStorage.getItem("dateline-theme"); } catch { /* storage is switched off */ }
  const theme = asked ?? chosen;
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}
