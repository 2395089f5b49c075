// A French postcode fills in its city, department and region; where it serves several cities, they are offered. What a person typed stays
// as it is: only what was filled in here, or belonged to the postcode before, is filled in anew.
export function start(box) {
  const field = (name) => box.querySelector(`[name="${name}"]`);
  const [country, postcode, city, department, region] = ['country', 'postcode', 'city', 'department', 'region'].map(field);
  const choice = box.querySelector('[data-city-choice]');
  const list = choice.querySelector('select');
  const said = box.querySelector('[data-city-said]');
  const own = new Set(postcode.value === '' ? [] : [city, department, region]);
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  let cities = [];
  let asked = '';

  function fill(input, value) {
    if (input.value !== '' && !own.has(input)) return;
    input.value = value ?? '';
    own.add(input);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }

  function take(one) {
    fill(city, one.name);
    fill(department, one.department);
    fill(region, one.region);
  }

  function offer() {
    choice.hidden = cities.length < 2;
    list.replaceChildren(new Option(list.dataset.choose, ''), ...cities.map((one) => new Option(one.name, one.name)));
    said.textContent = cities.length < 2 ? '' : said.dataset.several.replace('{0}', cities.length);
    const typed = cities.find((one) => plain(one.name) === plain(city.value));
    list.value = typed?.name ?? '';
    return typed;
  }

  async function look() {
    const digits = postcode.value.replace(/\D/g, '');
    const question = digits.length === 5 ? `/contacts/postcode?country=${encodeURIComponent(country.value)}&postcode=${digits}` : '';
    if (question === asked) return;
    asked = question;
    if (question === '') {
      cities = [];
      offer();
      return;
    }
    const answer = await fetch(question, { headers: { Accept: 'application/json' }, credentials: 'same-origin' }).catch(() => null);
    // Another was typed since: this answer is of the past.
    if (asked !== question || !answer?.ok) return;
    const place = await answer.json();
    if (asked !== question) return;
    cities = place.cities;
    if (place.country && place.country !== country.value) {
      country.value = place.country;
      country.tomselect?.sync();
    }
    if (cities.length === 1) {
      take(cities[0]);
      offer();
    } else {
      const typed = offer();
      if (!typed && own.has(city)) fill(city, '');
      fill(department, typed?.department ?? place.department);
      fill(region, typed?.region ?? place.region);
    }
  }

  box.addEventListener('input', (event) => {
    if (event.isTrusted && [city, department, region].includes(event.target)) own.delete(event.target);
    if (event.target === postcode || event.target === country) look();
  });
  country.addEventListener('change', look);
  list.addEventListener('change', () => {
    const chosen = cities.find((one) => one.name === list.value);
    if (!chosen) return;
    own.add(city);
    take(chosen);
    city.focus();
  });
}
