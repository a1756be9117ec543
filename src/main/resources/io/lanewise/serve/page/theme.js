// The colours that the system wants, before anything is drawn.
{
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
  };
  set();
  dark.addEventListener("change", set);
}
