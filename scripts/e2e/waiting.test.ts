import { describe } from 'vitest';
import { environments } from './environments.ts';
import { waiting } from './suites/waiting.ts';

describe.each(environments)('waitMs, $name', waiting);
