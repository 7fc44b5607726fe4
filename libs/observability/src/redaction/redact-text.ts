/** What stands where a secret stood. */
export const REDACTED = '***';

/** The part of a URI before the last `@` of it; backslash escapes are followed, so JSON lines work too. */
const USER_INFO = /\b([a-z][a-z0-9+.-]{1,30}:\/\/)(?:\\.|[^\s"'<>\\])*@/gi;
/** Query parameters of MongoDB URIs that carry secrets. */
const SECRET_PARAMETERS = /([?&](?:authMechanismProperties|tlsCertificateKeyFilePassword|proxyPassword)=)[^&\s"'\\]*/gi;
/** Compact JWE (five parts) and JWT (three): header is base64url of `{"`. */
const COMPACT_TOKEN = /\beyJ[\w-]{10,}(?:\.[\w-]*){2,4}/g;
const AUTHORIZATION = /\b(Bearer|ApiKey|Basic)\s+[\w+/=.~-]{8,}/gi;

/**
 * Takes credentials out of free text: user info and secret parameters of URIs, JWEs, JWTs, values of
 * Authorization headers. Rather too much than too little.
 */
export function redactText(text: string): string {
  return text
    .replace(USER_INFO, `$1${REDACTED}@`)
    .replace(SECRET_PARAMETERS, `$1${REDACTED}`)
    .replace(COMPACT_TOKEN, REDACTED)
    .replace(AUTHORIZATION, `$1 ${REDACTED}`);
}

/** The form of a URI that may be shown: no user, no password, no secret parameter. */
export function redactUri(uri: string): string {
  const at = uri.lastIndexOf('@');
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(uri)?.[0];
  // A password may hold any character, blanks and quotes included: cut by position, not by pattern.
  const bare = scheme !== undefined && at >= scheme.length ? `${scheme}${REDACTED}@${uri.slice(at + 1)}` : uri;
  return redactText(bare);
}
