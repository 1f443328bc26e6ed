const cpu = () => {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1000);
};
console.log('boot', cpu());
for (const m of process.argv.slice(2)) {
  const t = cpu();
  await import(m);
  console.log(m, cpu() - t);
}
console.log('total', cpu());
