"""The search also finds words that were typed without a space between them: 叉车安全 in 「（叉车）安全」.

The function of `0002` stays for the code that runs while this is applied.
"""

from typing import ClassVar

from django.db import migrations

_SHOWN = (
    "e.version_id, {fit}::real, {close}, e.quality, e.audience, e.industry, e.topic, e.hours, e.category, e.rating, "
    "e.trainer, e.provider, e.published_at, e.duration_ms, e.rating_bound, e.ratings"
)
_FROM = "FROM search_entry e WHERE e.is_open AND (e.visible_to IN ('', here) OR here = 'platform')"
_FIT = """CASE
      WHEN e.title_key = exact THEN 64 WHEN strpos(e.title_key, exact) > 0 THEN 32 WHEN e.head @@ in_title THEN 24
      WHEN strpos(split_part(e.letters, '|', 1), typed) > 0 THEN 14 WHEN e.head @@ in_head THEN 12
      WHEN e.letters LIKE pattern THEN 6 ELSE 4 END"""
_APART = "(5 + word_similarity(sound, split_part(e.letters, '|', 1)) / 2)"
_NEAR = "(CASE WHEN e.near @@ heard THEN 3 ELSE 2 END + word_similarity(sound, split_part(e.letters, '|', 1)) / 2)"
HITS = f"""
CREATE FUNCTION public.search_hits(strict tsquery, parts tsquery, in_title tsquery, in_head tsquery, loose tsquery, heard tsquery,
  exact text, sound text, typed text, pattern text) RETURNS TABLE (id bigint, fit real, is_close boolean, quality float, audience varchar,
  industry varchar, topic varchar, hours varchar, category varchar, rating varchar, trainer varchar, provider varchar,
  published_at timestamptz, duration_ms bigint, rating_bound float, ratings integer)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off SET pg_trgm.word_similarity_threshold = 0.55 AS $$
#variable_conflict use_column
DECLARE here text := public.enterprise_schema();
BEGIN
  RETURN QUERY SELECT {_SHOWN.format(fit=_FIT, close="false")} {_FROM} AND (e.body @@ strict OR e.letters LIKE pattern);
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT {_SHOWN.format(fit=_APART, close="false")} {_FROM} AND e.near @@ parts;
  IF FOUND THEN RETURN; END IF;
  RETURN QUERY SELECT {_SHOWN.format(fit=_NEAR, close="true")} {_FROM} AND e.near @@ loose;
  IF FOUND OR coalesce(length(typed), 0) < 4 THEN RETURN; END IF;
  RETURN QUERY SELECT {_SHOWN.format(fit="word_similarity(typed, e.letters)", close="true")} {_FROM} AND typed <% e.letters;
END $$
"""
_ARGUMENTS = "tsquery, tsquery, tsquery, tsquery, tsquery, tsquery, text, text, text, text"


class Migration(migrations.Migration):
    """One function beside the former one."""

    dependencies: ClassVar = [("search", "0003_synonyms")]
    operations: ClassVar = [migrations.RunSQL(HITS, f"DROP FUNCTION public.search_hits({_ARGUMENTS})")]
