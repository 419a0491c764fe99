import type { MongoClient } from 'mongodb';

const lookEveryMs = 1_000;
/**
 * The driver gives a check 2 s to connect and 2 s to be answered; where the server tells of changes by itself it
 * waits for those 12 s. Counted in looks, so that the time in which this process was frozen is none.
 */
const stuckAfterLooks = 15;

/**
 * Calls `onStuck` when the driver has begun to check a server and never comes to an end. As of 7.8 it waits for
 * ever to write to a connection that ended in that very moment, and checks this server no more: it stays
 * unavailable although it is there. Answers how to stop watching.
 */
export function watchChecks(client: Pick<MongoClient, 'on' | 'off'>, onStuck: () => void): () => void {
  const looksByServer = new Map<string, number>();
  const begun = ({ connectionId }: { connectionId: string }) => void looksByServer.set(connectionId, 0);
  const ended = ({ connectionId }: { connectionId: string }) => void looksByServer.delete(connectionId);
  const left = ({ address }: { address: string }) => void looksByServer.delete(address);
  client.on('serverHeartbeatStarted', begun);
  client.on('serverHeartbeatSucceeded', ended);
  client.on('serverHeartbeatFailed', ended);
  client.on('serverClosed', left);
  const timer = setInterval(() => {
    for (const [server, looks] of looksByServer) looksByServer.set(server, looks + 1);
    if (![...looksByServer.values()].some((looks) => looks >= stuckAfterLooks)) return;
    looksByServer.clear();
    onStuck();
  }, lookEveryMs).unref();
  return () => {
    clearInterval(timer);
    client.off('serverHeartbeatStarted', begun);
    client.off('serverHeartbeatSucceeded', ended);
    client.off('serverHeartbeatFailed', ended);
    client.off('serverClosed', left);
  };
}
