import { describe } from 'vitest';
import { startInProcessShop } from './in-process-shop.ts';
import { credentials } from './suites/credentials.ts';

describe('credentials', () => credentials(startInProcessShop));
