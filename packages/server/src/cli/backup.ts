import { Command } from "commander";
import { backupStore } from "../operation/backup.ts";
import { type SettingsOptions, withSettings } from "./settings.ts";
import { type CommandWorld, withHouse } from "./with-house.ts";

/** `parley backup FILE`: copies everything into a new file, while the server runs. */
export function backupCommand(world: CommandWorld): Command {
  const command = withSettings(new Command("backup"))
    .description("copy everything that is kept into a new file; the server may run meanwhile")
    .argument("<file>", "the file to make, gzipped JSON lines");
  return command.action(async (file: string, options: SettingsOptions) => {
    const counts = await withHouse(command, options, world, ({ store, clock }) => backupStore(store, file, clock()));
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
    process.stdout.write(
      `${file}: ${rows} rows, ${counts["objects"] ?? 0} objects, ${counts["messages"] ?? 0} messages\n`,
    );
  });
}
