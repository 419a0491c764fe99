import { describe } from 'vitest';
import { environments } from './environments.ts';
import { purchase } from './suites/purchase.ts';

describe.each(environments)('a purchase, $name', purchase);
