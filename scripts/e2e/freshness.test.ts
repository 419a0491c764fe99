import { describe } from 'vitest';
import { environments } from './environments.ts';
import { freshness } from './suites/freshness.ts';

describe.each(environments)('reads after a confirmed order, $name', freshness);
