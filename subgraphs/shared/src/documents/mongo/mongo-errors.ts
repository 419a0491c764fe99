import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoExpiredSessionError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerClosedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
  MongoWriteConcernError,
} from 'mongodb';
import { UnavailableError } from '../../unavailable.ts';
import { DuplicateKeyError } from '../port.ts';

/** MongoDB's DuplicateKey. */
export const DUPLICATE_KEY = 11000;

/**
 * The codes by which a server says that it cannot serve now (src/mongo/base/error_codes.yml of MongoDB):
 * HostUnreachable, HostNotFound, MaxTimeMSExpired, WriteConcernFailed, NetworkTimeout, ShutdownInProgress,
 * PrimarySteppedDown, ExceededTimeLimit, SocketException, NotWritablePrimary, InterruptedAtShutdown,
 * InterruptedDueToReplStateChange, NotPrimaryNoSecondaryOk, NotPrimaryOrSecondary.
 */
const UNAVAILABLE = new Set([6, 7, 50, 64, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

const UNAVAILABLE_CLASSES = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoOperationTimeoutError,
  MongoWriteConcernError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
  MongoServerClosedError,
  MongoClientClosedError,
  MongoExpiredSessionError,
];

/** The port's error for what the driver threw; an error that is a bug stays as it is. */
export function portError(error: unknown): unknown {
  if (isDuplicateKey(error)) return new DuplicateKeyError((error as Error).message, { cause: error });
  if (isUnavailable(error)) {
    return new UnavailableError(`MongoDB is unavailable: ${(error as Error).message}`, { cause: error });
  }
  return error;
}

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false;
  if (UNAVAILABLE_CLASSES.some((known) => error instanceof known)) return true;
  // The driver keeps this class to itself: no connection of the pool came free in time.
  if (error.name === 'MongoWaitQueueTimeoutError') return true;
  if (error instanceof MongoBulkWriteError && error.result.getWriteConcernError()) return true;
  return error instanceof MongoServerError && (UNAVAILABLE.has(Number(error.code)) || isRetryable(error));
}

function isRetryable(error: MongoServerError): boolean {
  return error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('RetryableError');
}
