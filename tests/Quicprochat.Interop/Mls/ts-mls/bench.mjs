// The operations of the benchmark, done by ts-mls: node bench.mjs SUITE SIZE…
// Answers lines "OPERATION SIZE cold|warm CPU-MILLISECONDS BYTES"; CPU time is that of the whole process.
import * as mls from "ts-mls";
import { openSuite, signatureKeyPair } from "./suites.mjs";

const [suiteId, ...sizes] = process.argv.slice(2).map(Number);
const warmUpTo = 100; // a join costs ts-mls more than a millisecond for each member, and a warm group needs as many joins as members
const suite = await openSuite(suiteId);
const text = new Uint8Array(1024);

const length = (message) => mls.encodeMlsMessage({ version: "mls10", ...message }).length;
const psks = (state) => mls.makePskIndex(state, {});

async function measured(times, action) {
  let result;
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) {
    result = await action(result);
  }
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1000 / times };
}

const say = (operation, size, kind, ms, bytes) => process.stdout.write(`${operation} ${size} ${kind} ${ms.toFixed(3)} ${bytes}\n`);

async function keyPackage(name) {
  const signer = await signatureKeyPair(suite);
  const now = BigInt(Math.floor(Date.now() / 1000));
  const credential = { credentialType: "basic", identity: new TextEncoder().encode(name) };
  return mls.generateKeyPackageWithKey(credential, mls.defaultCapabilities(), { notBefore: now - 60n, notAfter: now + 2000000n }, [], signer, suite);
}

async function create() {
  const own = await keyPackage("creator");
  return mls.createGroup(new TextEncoder().encode("bench"), own.publicPackage, own.privatePackage, [], suite);
}

const commit = (state, proposals) =>
  mls.createCommit({ state, cipherSuite: suite }, { wireAsPublicMessage: true, ratchetTreeExtension: true, extraProposals: proposals });

const add = (member) => ({ proposalType: "add", add: { keyPackage: member.publicPackage } });
const join = (welcome, member) => mls.joinGroup(welcome, member.publicPackage, member.privatePackage, psks(undefined), suite);
const process_ = async (state, message) => (await mls.processPublicMessage(state, message.publicMessage, psks(state), suite)).newState;

async function updates(size, kind, committer, follower, repeats) {
  const made = await measured(repeats, () => commit(committer, []));
  say("create", size, kind, made.ms, length(made.result.commit));
  const followed = await measured(repeats, () => process_(follower, made.result.commit));
  say("process", size, kind, followed.ms, length(made.result.commit));
  return [made.result.newState, followed.result];
}

async function cold(size) {
  const group = await create();
  const members = [];
  for (let i = 1; i < size; i++) {
    members.push(await keyPackage(`member ${i}`));
  }
  const added = await measured(1, () => commit(group, members.map(add)));
  const { newState, welcome } = added.result;
  say("add", size, "cold", added.ms, length(added.result.commit));
  const repeats = size > 100 ? 1 : 5;
  const joined = await measured(repeats, () => join(welcome, members.at(-1)));
  say("join", size, "cold", joined.ms, length({ wireformat: "mls_welcome", welcome }));
  const [committer, follower] = await updates(size, "cold", newState, joined.result, repeats);
  await talk(size, committer, follower);
}

async function talk(size, sender, receiver) {
  const sent = [];
  const protect = await measured(50, async (state = sender) => {
    const { newState, privateMessage } = await mls.createApplicationMessage(state, text, suite);
    sent.push(privateMessage);
    return newState;
  });
  say("protect", size, "cold", protect.ms, length({ wireformat: "mls_private_message", privateMessage: sent[0] }));
  const unprotect = await measured(50, async (state = receiver) => (await mls.processPrivateMessage(state, sent.shift(), psks(state), suite)).newState);
  say("unprotect", size, "cold", unprotect.ms, 0);
}

// Every member joins and commits at once, so that every node of the tree has a key of its own.
async function warm(size) {
  let state = await create();
  let last;
  let welcome;
  let joined;
  for (let i = 1; i < size; i++) {
    const member = await keyPackage(`member ${i}`);
    const added = await commit(state, [add(member)]);
    ({ welcome } = added);
    joined = await measured(1, () => join(welcome, member));
    const own = await commit(joined.result, []);
    state = await process_(added.newState, own.commit);
    last = own.newState;
  }
  say("join", size, "warm", joined.ms, length({ wireformat: "mls_welcome", welcome }));
  await updates(size, "warm", state, last, 5);
}

await cold(2); // compile first
for (const size of sizes) {
  await cold(size);
  if (size <= warmUpTo) {
    await warm(size);
  }
}
