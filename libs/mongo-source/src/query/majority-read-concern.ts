import { Timestamp, type Document } from 'mongodb';
import type { ClusterTime } from '@lockstep/core';

/** Majority reads that reflect everything up to `atLeast`: what makes a cluster time a valid version of them. */
export function majorityReadConcern(atLeast: ClusterTime): Document {
  return { level: 'majority', afterClusterTime: new Timestamp(atLeast) };
}
