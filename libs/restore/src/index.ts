export { type Annotations, type Blob, type Descriptor, type Digest, digestOf, mediaTypes, type Platform } from './image/descriptor.ts';
export { type CheckpointLayer, checkpointLayer, type LayerOptions } from './image/layer.ts';
export { checkpointAnnotations, type CheckpointFacts } from './image/annotations.ts';
export { checkpointFacts } from './image/facts.ts';
export { type CheckpointImage, checkpointImage } from './image/image.ts';
export { type LayoutFile, layoutFiles, tagPattern } from './image/layout.ts';
export { type TarFile, writeTar } from './image/write-tar.ts';
