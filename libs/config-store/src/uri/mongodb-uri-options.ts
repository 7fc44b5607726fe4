type OptionRule = 'boolean' | 'number' | 'text' | readonly string[];

/**
 * The connection options that are accepted, by lower-case name. Left out on purpose: whatever makes the driver read
 * local files (tlsCAFile, tlsCertificateKeyFile, tlsCRLFile), go through a proxy (proxyHost …), skip certificate
 * checks (tlsInsecure, tlsAllowInvalid…), call out for credentials (authMechanismProperties), or load auto-encryption.
 */
const OPTION_RULES: Readonly<Record<string, OptionRule>> = {
  appname: 'text',
  authmechanism: ['DEFAULT', 'SCRAM-SHA-1', 'SCRAM-SHA-256'],
  authsource: 'text',
  compressors: 'text',
  connecttimeoutms: 'number',
  directconnection: 'boolean',
  heartbeatfrequencyms: 'number',
  journal: 'boolean',
  loadbalanced: 'boolean',
  localthresholdms: 'number',
  maxconnecting: 'number',
  maxidletimems: 'number',
  maxpoolsize: 'number',
  maxstalenessseconds: 'number',
  minpoolsize: 'number',
  readconcernlevel: ['local', 'majority', 'linearizable', 'available', 'snapshot'],
  readpreference: ['primary', 'primaryPreferred', 'secondary', 'secondaryPreferred', 'nearest'],
  readpreferencetags: 'text',
  replicaset: 'text',
  retryreads: 'boolean',
  retrywrites: 'boolean',
  servermonitoringmode: ['auto', 'poll', 'stream'],
  serverselectiontimeoutms: 'number',
  sockettimeoutms: 'number',
  srvmaxhosts: 'number',
  srvservicename: 'text',
  ssl: 'boolean',
  timeoutms: 'number',
  tls: 'boolean',
  w: 'text',
  waitqueuetimeoutms: 'number',
  wtimeoutms: 'number',
  zlibcompressionlevel: 'number',
};

/** Refused options that a message may name; another unknown name may be a piece of a password with a stray `?`. */
const KNOWN_REFUSED: readonly string[] = [
  ...['tlscafile', 'tlscertificatekeyfile', 'tlscertificatekeyfilepassword', 'tlscrlfile', 'tlsinsecure'],
  ...['tlsallowinvalidcertificates', 'tlsallowinvalidhostnames', 'authmechanismproperties', 'mongodblogpath'],
  ...['proxyhost', 'proxyport', 'proxyusername', 'proxypassword', 'autoencryption'],
];

const MAY_REPEAT = ['readpreferencetags'];

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function valueProblem(rule: OptionRule, value: string): string | null {
  if (rule === 'boolean') return value === 'true' || value === 'false' ? null : 'must be true or false';
  if (rule === 'number') return /^-?\d{1,10}$/.test(value) ? null : 'must be a whole number';
  if (rule === 'text') return /^[^\u0000-\u001f\u007f]{1,512}$/.test(value) ? null : 'is empty, too long or not text';
  return rule.includes(value) ? null : `must be one of ${rule.join(', ')}`;
}

/**
 * Checks the part of a connection string after the `?`.
 * @returns what is wrong, without any value, or null
 */
export function uriOptionsProblem(query: string): string | null {
  const seen = new Set<string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [rawName = '', ...rest] = pair.split('=');
    const name = decode(rawName)?.toLowerCase() ?? '';
    const rule = Object.hasOwn(OPTION_RULES, name) ? OPTION_RULES[name] : undefined;
    if (rule === undefined) {
      return KNOWN_REFUSED.includes(name)
        ? `has the option ${name}, which is not accepted`
        : 'has an option that is not accepted';
    }
    if (seen.has(name) && !MAY_REPEAT.includes(name)) return `has the option ${name} twice`;
    seen.add(name);
    const value = rest.length === 1 ? decode(rest[0] ?? '') : null;
    const problem = value === null ? 'is not written correctly' : valueProblem(rule, value);
    if (problem !== null) return `has the option ${name}, which ${problem}`;
  }
  return null;
}
