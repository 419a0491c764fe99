import { describe } from 'vitest';
import { startInProcessShop } from './in-process-shop.ts';
import { federation } from './suites/federation.ts';
import { closing } from './suites/suite-shop.ts';

describe('federation', () => federation(closing(startInProcessShop)));
