/** Version of the lake's layout: the first folder of each path, and the writer that files name. */
export const layoutVersion = 1;

/** Folder of all tables of this layout. */
export const layoutFolder = `v${layoutVersion}`;
