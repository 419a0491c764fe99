import { MongoClient } from 'mongodb'; import { Kafka } from 'kafkajs'; import { createClient } from 'redis';
const e=process.env, verb=process.argv[2];
const m=await MongoClient.connect(e.TEST_MONGODB_URI,{serverSelectionTimeoutMS:3000}); const k=new Kafka({brokers:[e.TEST_KAFKA_BROKERS],logLevel:1});
const r=createClient({url:e.TEST_REDIS_URL}); await r.connect(); console.log(await r.ping()); await r.close();
const c=m.db('t').collection('x'); const a=k.admin(); await a.connect();
if(verb==='write'){ await c.insertOne({_id:'a',n:1},{writeConcern:{w:'majority',journal:true}}); await a.createTopics({topics:[{topic:'t',numPartitions:3}],waitForLeaders:true}); const p=k.producer(); await p.connect(); await p.send({topic:'t',acks:-1,messages:[{key:'a',value:'b'}]}); await p.disconnect(); }
console.log(await c.find().toArray(), JSON.stringify(await a.fetchTopicOffsets('t'))); await a.disconnect(); await m.close();
