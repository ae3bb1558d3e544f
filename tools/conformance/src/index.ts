export { type CorpusArchive, corpusArchives, corpusNote } from './corpus.ts';
