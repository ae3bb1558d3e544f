export { type ImageFolder, imageFolder } from './image-folder.ts';
export { openPageSet, type PageSet, pageSetSource } from './page-set.ts';
export { firstRunAt, type PageRun } from './page-runs.ts';
export { addressSpace, type AddressSpace, areaAt, type ByteState, firstAreaAt, type MappedArea, type MemoryPart, type MemoryRead, segmentOf, type SegmentView } from './address-space.ts';
export { scanPlan, type Span, type SpanOwner } from './scan-plan.ts';
export { searchMemory, type SearchHit, type SearchOptions, type SearchPattern } from './search.ts';
