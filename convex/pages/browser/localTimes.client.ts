/** Shows every instant below `root` in the reader's own zone; the server, which does not know it, wrote UTC. */
export function showLocalTimes(root: ParentNode): void {
  for (const time of root.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const at = new Date(time.dateTime);
    time.title = `${time.dateTime.slice(0, 19).replace('T', ' ')} UTC`;
    time.textContent = (time.dataset.clock === undefined ? minute : clock).format(at);
  }
}

const minute = new Intl.DateTimeFormat('sv-SE', {
  dateStyle: 'short',
  timeStyle: 'short',
});
const clock = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium' });
