"""The schema, as numbered steps that only add.

A step runs in one transaction with the record that it ran. A published step never
changes; what is to be different is a new step.
"""

from collections.abc import Callable

from home_energy.errors import StoreError
from home_energy.store.database import Database

Migration = Callable[[Database], None]

_REPLACED = "replaced_at_utc_s INTEGER NOT NULL,"

APPLICATION_ID = 0x484F4D45  # "HOME", which SQLite keeps in the head of the file


def m0001_prices(database: Database) -> None:
    """Sites, prices and what was said around them, and prices that were replaced."""
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute("""
        CREATE TABLE site (
            site_key INTEGER PRIMARY KEY,
            site_id TEXT NOT NULL UNIQUE,
            nmi TEXT NOT NULL,
            status TEXT NOT NULL,
            interval_minutes INTEGER NOT NULL,
            network TEXT,
            active_from TEXT,
            closed_on TEXT,
            channels_json TEXT NOT NULL)
    """)
    database.execute("""
        CREATE TABLE price_context (
            context_key INTEGER PRIMARY KEY,
            descriptor TEXT,
            spike_status TEXT,
            tariff_period TEXT,
            tariff_season TEXT,
            tariff_block INTEGER,
            is_demand_window INTEGER)
    """)
    # WITHOUT ROWID keeps a site's channel together in time order: the screen and
    # the yearly model both read runs of it.
    database.execute("""
        CREATE TABLE price (
            site_key INTEGER NOT NULL REFERENCES site,
            channel INTEGER NOT NULL,
            start_utc_s INTEGER NOT NULL,
            duration_minutes INTEGER NOT NULL,
            c_per_kwh REAL NOT NULL,
            spot_c_per_kwh REAL,
            quality INTEGER NOT NULL,
            context_key INTEGER NOT NULL REFERENCES price_context,
            known_at_utc_s INTEGER NOT NULL,
            PRIMARY KEY (site_key, channel, start_utc_s, duration_minutes)
        ) WITHOUT ROWID
    """)
    # Columns of the key come first: `PRAGMA integrity_check` of SQLite 3.40 (Debian 12)
    # otherwise reports NULL values that are not there.
    database.execute("""
        CREATE TABLE price_revision (
            site_key INTEGER NOT NULL,
            channel INTEGER NOT NULL,
            start_utc_s INTEGER NOT NULL,
            duration_minutes INTEGER NOT NULL,
            known_at_utc_s INTEGER NOT NULL,
            c_per_kwh REAL NOT NULL,
            spot_c_per_kwh REAL,
            quality INTEGER NOT NULL,
            PRIMARY KEY (
                site_key, start_utc_s, channel, duration_minutes, known_at_utc_s)
        ) WITHOUT ROWID
    """)


def m0002_forecasts(database: Database) -> None:
    """Forecasts as they were issued, one by one and later packed by blocks."""
    database.execute("""
        CREATE TABLE forecast_issue (
            site_key INTEGER NOT NULL REFERENCES site,
            issued_at_utc_s INTEGER NOT NULL,
            packed BLOB NOT NULL,
            PRIMARY KEY (site_key, issued_at_utc_s))
    """)
    database.execute("""
        CREATE TABLE forecast_block (
            site_key INTEGER NOT NULL REFERENCES site,
            start_utc_s INTEGER NOT NULL,
            packed BLOB NOT NULL,
            PRIMARY KEY (site_key, start_utc_s))
    """)


def m0003_readings(database: Database) -> None:
    """What the meter counted, by register."""
    database.execute("""
        CREATE TABLE register (
            register_key INTEGER PRIMARY KEY,
            site_key INTEGER NOT NULL REFERENCES site,
            source TEXT NOT NULL,
            register TEXT NOT NULL,
            channel INTEGER NOT NULL,
            UNIQUE (site_key, source, register, channel))
    """)
    database.execute("""
        CREATE TABLE reading (
            register_key INTEGER NOT NULL REFERENCES register,
            start_utc_s INTEGER NOT NULL,
            duration_minutes INTEGER NOT NULL,
            kwh REAL NOT NULL,
            quality INTEGER NOT NULL,
            c_per_kwh REAL,
            amount_aud REAL,
            known_at_utc_s INTEGER NOT NULL,
            PRIMARY KEY (register_key, start_utc_s, duration_minutes)
        ) WITHOUT ROWID
    """)


def m0004_sources(database: Database) -> None:
    """How each source is doing, when it left and returned, and whose time we have."""
    database.execute("""
        CREATE TABLE source_status (
            source TEXT NOT NULL,
            task TEXT NOT NULL,
            last_success_utc_s INTEGER,
            failing_since_utc_s INTEGER,
            last_failure_utc_s INTEGER,
            failure_kind TEXT,
            failure_message TEXT,
            PRIMARY KEY (source, task)
        ) WITHOUT ROWID
    """)
    database.execute("""
        CREATE TABLE source_event (
            event_key INTEGER PRIMARY KEY,
            at_utc_s INTEGER NOT NULL,
            source TEXT NOT NULL,
            task TEXT NOT NULL,
            event TEXT NOT NULL,
            message TEXT)
    """)
    database.execute("""
        CREATE TABLE time_anchor (
            only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
            server_time_utc_s REAL NOT NULL,
            boottime_seconds REAL NOT NULL,
            boot_id TEXT NOT NULL)
    """)


def m0005_verdict(database: Database) -> None:
    """The verdict in force, one for each site."""
    database.execute("""
        CREATE TABLE verdict (
            site_key INTEGER PRIMARY KEY REFERENCES site,
            verdict TEXT NOT NULL,
            basis TEXT NOT NULL,
            since_utc_s INTEGER NOT NULL,
            decided_at_utc_s INTEGER NOT NULL,
            cheap_below_c_per_kwh REAL,
            expensive_above_c_per_kwh REAL)
    """)


def m0006_days_from_files(database: Database) -> None:
    """Meter and spot values of files, a day in a row, and where they came from."""
    database.execute("""
        CREATE TABLE meter_register (
            register_key INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            nmi TEXT NOT NULL,
            name TEXT NOT NULL,
            flow TEXT,
            UNIQUE (source, nmi, name))
    """)
    for name, column in (("meter_day", ""), ("meter_day_revision", _REPLACED)):
        also_key = ", replaced_at_utc_s" if column else ""
        database.execute(f"""
            CREATE TABLE {name} (
                register_key INTEGER NOT NULL REFERENCES meter_register,
                nem_day INTEGER NOT NULL,
                interval_minutes INTEGER NOT NULL,
                {column}
                kwh BLOB NOT NULL,
                quality BLOB NOT NULL,
                updated_at_utc_s INTEGER,
                PRIMARY KEY (register_key, nem_day, interval_minutes{also_key}))
        """)
    for name, column in (("spot_day", ""), ("spot_day_revision", _REPLACED)):
        also_key = ", replaced_at_utc_s" if column else ""
        database.execute(f"""
            CREATE TABLE {name} (
                region TEXT NOT NULL,
                nem_day INTEGER NOT NULL,
                interval_minutes INTEGER NOT NULL,
                {column}
                rrp_aud_per_mwh_ex_gst BLOB NOT NULL,
                PRIMARY KEY (region, nem_day, interval_minutes{also_key}))
        """)
    database.execute("""
        CREATE TABLE import_record (
            kind TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            file_name TEXT NOT NULL,
            source TEXT NOT NULL,
            byte_count INTEGER NOT NULL,
            imported_at_utc_s INTEGER NOT NULL,
            row_count INTEGER NOT NULL,
            value_count INTEGER NOT NULL,
            new_count INTEGER NOT NULL,
            changed_count INTEGER NOT NULL,
            first_utc_s INTEGER,
            last_utc_s INTEGER,
            problems_json TEXT NOT NULL,
            PRIMARY KEY (kind, source, sha256, file_name))
    """)


def m0007_weather_and_market_forecasts(database: Database) -> None:
    """Weather by place, rooftop solar by region, and the market's own forecasts."""
    database.execute("""
        CREATE TABLE weather_place (
            place_key INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            latitude_deg REAL NOT NULL,
            longitude_deg REAL NOT NULL,
            interval_minutes INTEGER NOT NULL,
            UNIQUE (source, latitude_deg, longitude_deg))
    """)
    database.execute("""
        CREATE TABLE weather_day (
            place_key INTEGER NOT NULL REFERENCES weather_place,
            nem_day INTEGER NOT NULL,
            known_at_utc_s INTEGER NOT NULL,
            ghi_w_per_m2 BLOB NOT NULL,
            dni_w_per_m2 BLOB NOT NULL,
            dhi_w_per_m2 BLOB NOT NULL,
            air_temperature_c BLOB NOT NULL,
            wind_speed_m_per_s BLOB NOT NULL,
            PRIMARY KEY (place_key, nem_day))
    """)
    database.execute("""
        CREATE TABLE rooftop_day (
            region TEXT NOT NULL,
            nem_day INTEGER NOT NULL,
            known_at_utc_s INTEGER NOT NULL,
            mw BLOB NOT NULL,
            PRIMARY KEY (region, nem_day))
    """)
    database.execute("""
        CREATE TABLE market_forecast (
            region TEXT NOT NULL,
            published_at_utc_s INTEGER NOT NULL,
            first_start_utc_s INTEGER NOT NULL,
            rrp_aud_per_mwh_ex_gst BLOB NOT NULL,
            PRIMARY KEY (region, published_at_utc_s))
    """)


def m0008_car_history(database: Database) -> None:
    """Where a car drove and when it was charged, by who told."""
    database.execute("""
        CREATE TABLE car (
            car_key INTEGER PRIMARY KEY,
            source TEXT NOT NULL,
            car TEXT NOT NULL,
            UNIQUE (source, car))
    """)
    database.execute("""
        CREATE TABLE car_drive (
            car_key INTEGER NOT NULL REFERENCES car,
            start_utc_s INTEGER NOT NULL,
            end_utc_s INTEGER NOT NULL,
            km REAL NOT NULL,
            energy_kwh REAL,
            start_level_fraction REAL,
            end_level_fraction REAL,
            outside_c REAL,
            start_place_json TEXT,
            end_place_json TEXT,
            PRIMARY KEY (car_key, start_utc_s))
    """)
    database.execute("""
        CREATE TABLE car_charge (
            car_key INTEGER NOT NULL REFERENCES car,
            start_utc_s INTEGER NOT NULL,
            end_utc_s INTEGER NOT NULL,
            added_kwh REAL NOT NULL,
            drawn_kwh REAL,
            start_level_fraction REAL,
            end_level_fraction REAL,
            is_fast INTEGER,
            place_json TEXT,
            PRIMARY KEY (car_key, start_utc_s))
    """)


def m0009_shadow_days(database: Database) -> None:
    """Days of batteries that are not there, and how the last pass over them went."""
    database.execute("""
        CREATE TABLE shadow_day (
            product TEXT NOT NULL,
            nem_day INTEGER NOT NULL,
            bill_saving_aud REAL NOT NULL,
            stored_gain_aud REAL NOT NULL,
            wear_aud REAL NOT NULL,
            start_stored_kwh REAL NOT NULL,
            end_stored_kwh REAL NOT NULL,
            end_worth_aud REAL NOT NULL,
            issued_fraction REAL,
            quality INTEGER NOT NULL,
            is_after_hole INTEGER NOT NULL,
            fingerprint TEXT NOT NULL,
            PRIMARY KEY (product, nem_day))
    """)
    database.execute("""
        CREATE TABLE shadow_pass (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            ended_at_utc_s INTEGER NOT NULL,
            said TEXT NOT NULL,
            is_failure INTEGER NOT NULL)
    """)


def m0010_advice(database: Database) -> None:
    """Advice to wait, each start once, and what following it came to."""
    database.execute("""
        CREATE TABLE advice (
            site_key INTEGER NOT NULL REFERENCES site,
            start_utc_s INTEGER NOT NULL,
            appliance TEXT NOT NULL,
            kw REAL NOT NULL,
            minutes INTEGER NOT NULL,
            issued_at_utc_s INTEGER NOT NULL,
            deadline_utc_s INTEGER NOT NULL,
            cost_now_aud REAL NOT NULL,
            cost_then_aud REAL NOT NULL,
            highest_cost_then_aud REAL NOT NULL,
            real_saving_aud REAL,
            PRIMARY KEY (site_key, start_utc_s, appliance))
    """)


def m0011_power(database: Database) -> None:
    """Power of the home's own meters: means for good, samples for some days."""
    database.execute("""
        CREATE TABLE power_source (
            source_key INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE)
    """)
    # Time comes first in the keys: what is written in one go lies on one page, and
    # what is forgotten was written in one go.
    database.execute("""
        CREATE TABLE power_mean (
            start_utc_s INTEGER NOT NULL,
            source_key INTEGER NOT NULL REFERENCES power_source,
            stream INTEGER NOT NULL,
            mean_watts REAL NOT NULL,
            sample_count INTEGER NOT NULL,
            covered_seconds REAL NOT NULL,
            PRIMARY KEY (start_utc_s, source_key, stream)
        ) WITHOUT ROWID
    """)
    database.execute("""
        CREATE TABLE power_samples (
            start_utc_s INTEGER NOT NULL,
            source_key INTEGER NOT NULL REFERENCES power_source,
            stream INTEGER NOT NULL,
            samples BLOB NOT NULL,
            PRIMARY KEY (start_utc_s, source_key, stream)
        ) WITHOUT ROWID
    """)


def m0012_notification(database: Database) -> None:
    """Last word on each kind of event that a household is told of."""
    database.execute("""
        CREATE TABLE notification (
            kind TEXT PRIMARY KEY,
            is_on INTEGER NOT NULL,
            since_utc_s INTEGER NOT NULL,
            told_at_utc_s INTEGER NOT NULL)
    """)


MIGRATIONS: tuple[Migration, ...] = (
    m0001_prices,
    m0002_forecasts,
    m0003_readings,
    m0004_sources,
    m0005_verdict,
    m0006_days_from_files,
    m0007_weather_and_market_forecasts,
    m0008_car_history,
    m0009_shadow_days,
    m0010_advice,
    m0011_power,
    m0012_notification,
)


def schema_number(database: Database) -> int:
    """Number of the last step that ran on this file."""
    row = database.row("PRAGMA user_version")
    return 0 if row is None else int(row[0])


def require_known_schema(database: Database) -> None:
    """Refuse a file that a newer program has changed, or that is not ours."""
    found = schema_number(database)
    is_new = found == 0 and database.row("SELECT 1 FROM sqlite_master") is None
    if not is_new and database.row("PRAGMA application_id") != (APPLICATION_ID,):
        raise StoreError(
            f"{database.path}: this SQLite file belongs to another program; choose "
            "another with `store` in home.toml, nothing was changed"
        )
    if found > len(MIGRATIONS):
        raise StoreError(
            f"{database.path}: the store has schema {found}, this program knows up "
            f"to {len(MIGRATIONS)}; it was used by a newer version: update "
            "home-energy, nothing was changed"
        )


def pending(database: Database) -> tuple[Migration, ...]:
    """Steps that have not run yet. Asking writes nothing."""
    require_known_schema(database)
    return MIGRATIONS[schema_number(database) :]


def migrate(database: Database) -> list[str]:
    """Run every pending step and return their names.

    Raises
    ------
    StoreError
        If the file has been used by a newer program, or is not ours.
    """
    done = []
    for _ in pending(database):
        with database.transaction():
            number = schema_number(database)  # another process may have been first
            if number >= len(MIGRATIONS):
                break
            step = MIGRATIONS[number]
            step(database)
            database.execute(f"PRAGMA user_version = {number + 1}")
            done.append(step.__name__)
    return done
