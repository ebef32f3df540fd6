"""Old months go into verified packages outside the database and come back for a look; the enterprise takes everything along (clause 四.6)."""
