// The only way to the server: actions go out as POST, everything that happens comes back on one event stream.

const BASE = new URL("./", location.href).pathname;

async function post(path, body) {
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  try {
    const response = await fetch(BASE + path, options);
    const told = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : null;
    return told ?? { error: `The page’s server answered ${response.status}.` };
  } catch {
    return { error: "Try mode has ended. Start it again in the terminal." };
  }
}

/** Do what a person does; gives `{error, …}`. */
export const act = (name, body) => post(`act/${name}`, body);

/** Move the clock ahead. */
export const moveClock = (seconds) => post("clock", { by_s: seconds });

/** Read a form that is open, for a picture of it. */
export const readForm = async (number) => (await fetch(`${BASE}forms/${number}`)).json();

/** The address of a file a message carries. */
export const fileAddress = (message, name) => `${BASE}files/${message}/${encodeURIComponent(name)}`;

/** Listen to the event stream; `lost` is told when it breaks and comes back. */
export function listen(heard, lost) {
  const stream = new EventSource(`${BASE}events`);
  stream.onmessage = (event) => heard(JSON.parse(event.data));
  stream.onopen = () => lost(false);
  stream.onerror = () => lost(true);
  return stream;
}
