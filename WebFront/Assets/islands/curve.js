// The reading line of a sales curve: under the pointer, or moved by the arrow keys. The curve itself is drawn by the server.

export function start(box) {
  const data = JSON.parse(document.getElementById(box.dataset.curve).textContent);
  const svg = box.querySelector('svg');
  const [width, height, left, right, top, bottom] = data.box;
  const x = (day) => left + ((width - left - right) * (day - data.first)) / (data.last - data.first);
  const y = (sold) => height - bottom - ((height - top - bottom) * sold) / data.top;
  const days = [...new Set(data.series.flatMap((series) => series.points.map(([day]) => day)))].sort((a, b) => a - b);
  const own = data.series[0];
  const make = (name, className) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    element.setAttribute('class', className);
    return element;
  };
  const cursor = make('g', '');
  const line = make('line', 'curve-cursor');
  line.setAttribute('y1', top);
  line.setAttribute('y2', height - bottom);
  cursor.append(line);
  const dots = data.series.map((series) => cursor.appendChild(make('circle', `curve-dot ${series.look}`)));
  dots.forEach((dot) => dot.setAttribute('r', 4));
  const tip = document.createElement('div');
  tip.className = 'curve-tip';
  tip.setAttribute('role', 'status');
  let at = null;

  // What a series had sold by a day: the last tally not after it.
  const by = (series, day) => series.points.findLast(([of]) => of <= day);

  function show(day) {
    at = day;
    line.setAttribute('x1', x(day));
    line.setAttribute('x2', x(day));
    const rows = data.series.map((series, i) => {
      const point = day > series.points.at(-1)[0] + 21 ? undefined : by(series, day);
      dots[i].style.display = point ? '' : 'none';
      if (point) {
        dots[i].setAttribute('cx', x(day));
        dots[i].setAttribute('cy', y(point[1]));
      }
      const row = document.createElement('div');
      const name = document.createElement('span');
      const figure = document.createElement('span');
      name.textContent = series.name;
      figure.textContent = point ? point[2] : data.none;
      figure.className = 'num';
      row.append(name, figure);
      return row;
    });
    const title = document.createElement('strong');
    title.textContent = day === 0 ? data.day : `${data.day}${day < 0 ? '-' : '+'}${Math.abs(day)}`;
    tip.replaceChildren(title, ...rows);
    if (!cursor.isConnected) svg.append(cursor);
    if (!tip.isConnected) box.append(tip);
    const scale = svg.clientWidth / width;
    const middle = x(day) * scale;
    tip.style.left = middle > svg.clientWidth / 2 ? '' : `${middle + 14}px`;
    tip.style.right = middle > svg.clientWidth / 2 ? `${svg.clientWidth - middle + 14}px` : '';
  }

  function hide() {
    at = null;
    cursor.remove();
    tip.remove();
  }

  box.addEventListener('pointermove', (event) => {
    const bounds = svg.getBoundingClientRect();
    const day = data.first + ((((event.clientX - bounds.left) / bounds.width) * width - left) / (width - left - right)) * (data.last - data.first);
    show(days.reduce((best, candidate) => (Math.abs(candidate - day) < Math.abs(best - day) ? candidate : best)));
  });
  box.addEventListener('pointerleave', () => { if (document.activeElement !== box) hide(); });
  box.addEventListener('blur', hide);
  box.addEventListener('keydown', (event) => {
    const here = at === null ? days.findLastIndex((day) => day <= own.points.at(-1)[0]) : days.indexOf(at);
    const steps = { ArrowLeft: here - (at === null ? 0 : 1), ArrowRight: here + (at === null ? 0 : 1), Home: 0, End: days.length - 1, PageUp: here - 7, PageDown: here + 7 };
    if (event.key === 'Escape') return hide();
    if (!(event.key in steps)) return;
    event.preventDefault();
    show(days[Math.min(days.length - 1, Math.max(0, steps[event.key]))]);
  });
}
