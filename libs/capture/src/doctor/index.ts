export { doctorPermissions, nodeReportPermissions } from './permissions.ts';
