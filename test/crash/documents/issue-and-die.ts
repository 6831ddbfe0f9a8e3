/** Issues a document into the data folder and is gone at the moment it is durable: no rendition, no farewell. */
import { facts } from "../../unit/documents/facts.ts";
import { openHall } from "../../flows/documents/hall.ts";

const [folder, rounds] = process.argv.slice(2);
const hall = await openHall(folder);
for (let round = 0; round < Number(rounds); round++) {
  const number = `昌市监补〔2026〕G1-${process.pid}-${round}号`;
  const { id } = await hall.issue({ ...facts.correctionNotice, number });
  process.stdout.write(`${JSON.stringify({ id, number })}\n`);
}
process.kill(process.pid, "SIGKILL");
