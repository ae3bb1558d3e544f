export { type RegistryCode, RegistryError } from './errors.ts';
export { type ImageReference, isLoopback, parseReference } from './reference.ts';
export { type Credential, type Credentials, dockerCredentials } from './docker-config.ts';
export { type Pushed, pushImage, type PushOptions } from './push.ts';
