/* Loaded before a role: its clock goes as far before or behind the machine's as the file says that ICECORE_CLOCK_FILE names, in milliseconds. */
import { readFileSync } from 'node:fs';

const MachineDate = Date;
let offset = 0;
const look = () => {
  offset = Number(readFileSync(process.env.ICECORE_CLOCK_FILE, 'utf8'));
};
look();
setInterval(look, 5).unref();
globalThis.Date = class Date extends MachineDate {
  constructor(...words) {
    if (words.length === 0) super(MachineDate.now() + offset);
    else super(...words);
  }
  static now() {
    return MachineDate.now() + offset;
  }
};
