import { PathIdPipe } from '../http/path-id.pipe.js';

export const CONNECTOR = {
  name: 'id',
  description: 'Id of the connector.',
  example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e',
};
export const LETTER = {
  name: 'letterId',
  description: 'Id of the dead letter.',
  example: 'dl_0f343b0931126a20f133d67c2b018a3b5d7a0c11',
};
export const CONNECTOR_ID = new PathIdPipe('con', 'CONNECTOR_UNKNOWN');
