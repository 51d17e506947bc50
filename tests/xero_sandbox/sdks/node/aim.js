const http = require("http"), https = require("https");
const xero = new Set(["login.xero.com", "identity.xero.com", "api.xero.com"]);
const sandbox = new URL(process.env.XERO_SANDBOX_URL);
const plain = http.request;

function aimed(original) {
  return function (first, second, third) {
    const url = typeof first === "string" ? new URL(first) : first instanceof URL ? first : null;
    const options = url ? (typeof second === "object" ? second : {}) : first;
    const done = url ? (typeof second === "function" ? second : third) : second;
    const host = url ? url.hostname : options.hostname || (options.host || "").split(":")[0];
    if (!xero.has(host)) return original.apply(this, arguments);
    const headers = Object.fromEntries(
      Object.entries(options.headers || {}).filter(([name]) => name.toLowerCase() !== "host"));
    return plain({ ...options, headers, agent: undefined, host: undefined, protocol: "http:",
      hostname: sandbox.hostname, port: sandbox.port,
      path: url ? url.pathname + url.search : options.path, method: options.method || "GET" }, done);
  };
}
http.request = aimed(http.request);
https.request = aimed(https.request);
https.get = (...given) => { const call = https.request(...given); call.end(); return call; };
