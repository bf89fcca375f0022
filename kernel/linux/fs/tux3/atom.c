// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of extended attributes, each stored once and known by a number, the
 * atom.
 *
 * The atom table is a file with a dictionary of names, in the form of a
 * directory, and far behind it a map from each atom to its entry there. Counts
 * of use are in it too, but matter to a writer alone.
 */
#include <linux/pagemap.h>

#include "tux3.h"

/* Where the dictionary has the atom. */
static int atom_position(struct inode *atable, u32 atom, u64 *pos)
{
	loff_t at = TUX3_ATOM_REVMAP + (loff_t)atom * sizeof(__be64);
	struct folio *folio;
	__be64 where;

	folio = read_mapping_folio(atable->i_mapping, at >> PAGE_SHIFT, NULL);
	if (IS_ERR(folio))
		return PTR_ERR(folio);
	memcpy_from_folio((void *)&where, folio, offset_in_folio(folio, at),
			  sizeof(where));
	folio_put(folio);
	*pos = be64_to_cpu(where);
	return 0;
}

/**
 * tux3_atom_name - the name that an atom stands for
 * @sb: the volume
 * @atom: the atom
 * @name: room for TUX3_NAME_LEN bytes and a NUL
 *
 * Return: the length of the name or an error
 */
int tux3_atom_name(struct super_block *sb, u32 atom, char *name)
{
	struct tux3_sb *sbi = TUX3_SB(sb);
	struct tux3_dirpos dp = { .dir = sbi->atable, .end = sbi->dictsize };
	int len, err = atom_position(sbi->atable, atom, &dp.pos);

	if (err)
		return err;
	if (dp.pos >= dp.end || dp.pos % TUX3_DIRENT_ALIGN)
		goto corrupt;
	err = tux3_dirpos_load(&dp);
	if (err)
		goto out;
	len = dp.de->name_len;
	if (!len || be64_to_cpu(dp.de->inum) != atom ||
	    memchr(dp.de->name, 0, len))
		goto corrupt;
	memcpy(name, dp.de->name, len);
	name[len] = 0;
	err = len;
out:
	tux3_dirpos_put(&dp);
	return err;
corrupt:
	tux3_dirpos_put(&dp);
	return tux3_corrupt(sb, "extended attribute %u has no name", atom);
}
