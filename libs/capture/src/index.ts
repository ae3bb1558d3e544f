export { captureResourceDefinition } from './definition.ts';
export { type PermissionRule, requiredPermissions, type RolePermissions } from './permissions.ts';
export { captureApi, parseCapture } from './resource.ts';
export * from './doctor/index.ts';
