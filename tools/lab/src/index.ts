export { labFolders, type LabFolders } from './folders.ts';
export { hasTool, LabMissingError, missingForLab } from './missing.ts';
export { prepareLab } from './prepare.ts';
export { type Checkpoint, type CheckpointOptions, type Container, type ContainerSpec, type Lab, startLab } from './lab.ts';
export { type ContainerTruth, nodeProcessesOf, truthOf } from './truth.ts';
export { allScenarios } from './scenarios/index.ts';
export type { Expectation, Scenario } from './scenario.ts';
export { captureScenario, type ScenarioCapture } from './capture.ts';
export { table } from './table.ts';
