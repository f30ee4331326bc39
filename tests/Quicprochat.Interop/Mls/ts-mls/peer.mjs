// ts-mls behind the line protocol of samples/MlsPeer: a line in, lines out, everything binary as hex of an MLSMessage.
// A refused line answers "error CODE SENTENCE" and leaves the session as it was: every state of ts-mls is immutable,
// so a command builds the next session and only a command that succeeds replaces the current one.
import { createInterface } from "node:readline";
import { commands, emptySession } from "./session.mjs";

let session = emptySession();

async function answer(line) {
  const space = line.indexOf(" ");
  const name = space < 0 ? line : line.slice(0, space);
  const rest = space < 0 ? "" : line.slice(space + 1);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    return ["error Usage There is no such command."];
  }
  try {
    const { next, lines = [] } = await command(session, rest);
    session = next ?? session;
    return lines;
  } catch (refusal) {
    const code = refusal?.name ?? "Error";
    const sentence = String(refusal?.message ?? refusal).replaceAll(/\s+/g, " ");
    return [`error ${code} ${sentence}`];
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  if (line.trim() === "") {
    continue;
  }
  for (const text of await answer(line)) {
    process.stdout.write(text + "\n");
  }
}
