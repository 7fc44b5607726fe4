export { createMongoSource, type MongoSourceOptions } from './mongo-source.js';
export { decodeDocumentId } from './document-id/decode-document-id.js';
export { encodeDocumentId } from './document-id/encode-document-id.js';
export { readIdElement } from './document-id/read-id-element.js';
export { DEFAULT_POLICIES, type ConversionPolicies } from './transcode/conversion-policies.js';
export { Transcoder, type TranscodedBatch } from './transcode/transcoder.js';
