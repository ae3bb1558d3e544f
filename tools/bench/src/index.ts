export { writeLargeArchive } from './large-archive.ts';
