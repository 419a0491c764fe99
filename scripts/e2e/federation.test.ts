import { describe } from 'vitest';
import { startInProcessShop } from './in-process-shop.ts';
import { federation } from './suites/federation.ts';

describe('federation', () => federation(startInProcessShop));
