// Loaded into the process that run.mjs starts: when the launcher is killed outright, this process must not live on
// unseen and hold its ports. The channel between the two closes when the launcher is gone, however it went.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Listening for it must not keep the process alive by itself.
process.channel?.unref();
