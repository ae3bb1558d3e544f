/** The program and its version, as ledgers and execution names tell it. */
export const tool = { name: 'icecore', version: '0.1.0' } as const;
