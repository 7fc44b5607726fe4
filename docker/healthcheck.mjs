// Ends with 0 when the service of this container answers well: healthcheck.mjs <variable that holds the port> <path>
const [variable = '', path = ''] = process.argv.slice(2);
const response = await fetch(`http://127.0.0.1:${process.env[variable]}${path}`, {
  signal: AbortSignal.timeout(4_000),
}).catch((error) => {
  console.error(`${variable} ${path}: ${error.cause?.code ?? error.name}`);
  return null;
});
if (response !== null && !response.ok) console.error(await response.text());
process.exitCode = response?.ok === true ? 0 : 1;
