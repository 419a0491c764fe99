import { describe } from 'vitest';
import { environments } from './environments.ts';
import { neverOversold } from './suites/never-oversold.ts';

describe.each(environments)('500 concurrent orders for 100 in stock, $name', neverOversold);
