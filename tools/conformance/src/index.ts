export { type CorpusArchive, corpusArchives, corpusNote, corpusPath, openCapture, type Capture } from './corpus.ts';
export { type Comparison, comparison, type Difference } from './comparison.ts';
