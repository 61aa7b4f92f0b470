/** Stands where the core stands and sends back what comes: the way there and back, and nothing else. */
const parent = process.parentPort;

/** @type {(message: unknown) => void} */
const post = (message) => {
  if (parent) parent.postMessage(message);
  else process.send?.(message);
};

/** @type {(message: { t?: string }) => void} */
const hear = (message) => {
  if (message.t === 'close') process.exit(0);
  post(message);
};

if (parent) parent.on('message', (event) => hear(event.data));
else process.on('message', hear);
process.once('disconnect', () => process.exit(0));
post({ t: 'ready' });
