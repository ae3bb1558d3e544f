/** Names by number. Arrays fit too. A number with no name is not in the table. */
export type NameTable = Readonly<Record<number, string>>;

/** The name of `value`, or `PREFIX_value` where the kernel that wrote it knows more than this table. */
export function nameOf(table: NameTable, value: number, prefix: string): string {
  return table[value] ?? `${prefix}_${value}`;
}
