/** The few field types that our own indices are made of. */
export const keyword = { type: 'keyword' } as const;
export const date = { type: 'date' } as const;
export const long = { type: 'long' } as const;
export const boolean = { type: 'boolean' } as const;
/** Kept in the document only, never indexed, whatever it is: free-form parts and long texts. */
export const opaque = { type: 'object', enabled: false } as const;
