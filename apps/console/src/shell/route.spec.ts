import { readRoute } from './route.js';

describe('route', () => {
  it.each([
    ['', { page: 'overview' }],
    ['#/', { page: 'overview' }],
    ['#/connectors/new', { page: 'create' }],
    ['#/connectors/con_1', { page: 'connector', id: 'con_1' }],
    ['#/connectors/con_1/dead-letters', { page: 'deadLetters', connectorId: 'con_1' }],
    ['#/connectors/con_1/else', { page: 'unknown' }],
    ['#/connectors/con_1/dead-letters/x', { page: 'unknown' }],
    ['#/connectors/', { page: 'unknown' }],
    ['#/elsewhere', { page: 'unknown' }],
  ])('%s', (hash, route) => {
    expect(readRoute(hash)).toEqual(route);
  });
});
