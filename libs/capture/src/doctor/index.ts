export { type AccessQuestion, accessQuestions, accessReview, accessText } from './access.ts';
export { type Check, type CheckName, checkNames, type Examined } from './check.ts';
export { type AccessAnswer, type NodeObject, noSight, parseNode, type Sight, sight } from './cluster-view.ts';
export { type CheckpointConfiguration, checkpointGate, type ConfigurationFile, criuOptions, readConfiguration } from './configuration.ts';
export { type ClusterView, examineCluster } from './examine-cluster.ts';
export { examineMachine, type MachineView, type ProgramAnswer } from './examine-machine.ts';
export { examineNode, type NodeView } from './examine-node.ts';
export {
  clockOffset, configurationPlaces, gatherNodeReport, type NodeFiles, type NodeReport, nodeReportEveryMs, nodeReportKey, nodeReportLabel, nodeReportManifest, nodeReportName, type NodeReportPorts, parseNodeReport,
} from './node-report.ts';
export { doctorPermissions } from './permissions.ts';
