export { captureView, type CaptureContext } from './model/capture-view.ts';
export type * from './model/types.ts';
export { reportDocument, type ReportTool } from './document/report-document.tsx';
export { memoryPicture, segmentKind } from './model/memory-picture.ts';
export { enteredOf } from './model/process-view.ts';
export { maxPictureSegments } from './model/memory-view.ts';
export { maxDrawnPeers, maxDrawnProcesses, maxShownSockets, scopeOf } from './model/network-view.ts';
