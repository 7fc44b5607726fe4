const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** 1 to 128 letters, digits, `.`, `_`, `-`; the first a letter or digit. Safe in paths and as a document id. */
export function isConfigKey(key: string): boolean {
  return KEY.test(key);
}
