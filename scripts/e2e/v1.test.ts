import { describe } from 'vitest';
import { environments } from './environments.ts';
import { operationsOfV1 } from './suites/v1.ts';

describe.each(environments)('the operations of v1, $name', operationsOfV1);
