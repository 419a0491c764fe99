import { AssignerProtocol, Kafka, logLevel } from 'kafkajs';

/** The partitions of the topic that each member of the group has now; names as on the brokers. */
export async function partitionsOfMembers(options: {
  brokers: string[];
  group: string;
  topic: string;
}): Promise<number[][]> {
  const { brokers, group, topic } = options;
  const admin = new Kafka({ clientId: 'group-members', brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([group]);
    const members = groups.flatMap((each) => each.members);
    return members.map(
      ({ memberAssignment }) =>
        AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment[topic] ?? [],
    );
  } finally {
    await admin.disconnect();
  }
}
