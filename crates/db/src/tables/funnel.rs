//! Rows of the funnel.

use diesel::{
    QueryResult,
    prelude::{
        BoolExpressionMethods, ExpressionMethods, Insertable, QueryDsl, Queryable, Selectable,
        SelectableHelper,
    },
};
use saoma_domain::{
    ports::{FunnelCount, FunnelPeriod, LoginStep},
    rules::rows::{FunnelRow, FunnelRows, RowResult},
    time::Timestamp,
    wechat::AppName,
};

use super::{super::dialect::RunQueryDsl, rows::SqlRows};
use crate::{columns::corrupt, schema::funnel};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = funnel)]
struct FunnelColumns {
    id: String,
    period: String,
    begins_at: i64,
    channel: String,
    app: String,
    purpose: String,
    step: String,
    count: i64,
    prune_at: i64,
}

impl FunnelColumns {
    fn of(row: &FunnelRow) -> Self {
        let count = &row.count;
        Self {
            id: row.key(),
            period: row.period.as_str().to_owned(),
            begins_at: count.begins_at.as_millis(),
            channel: count.channel.clone(),
            app: count.app.to_string(),
            purpose: count.purpose.clone(),
            step: count.step.as_str().to_owned(),
            count: i64::try_from(count.count).unwrap_or(i64::MAX),
            prune_at: row.prune_at.as_millis(),
        }
    }

    fn into_count(self) -> RowResult<FunnelCount> {
        let wrong = |column| corrupt("funnel", column, &self.id);
        Ok(FunnelCount {
            begins_at: Timestamp::from_millis(self.begins_at),
            app: AppName::parse(&self.app).map_err(|_| wrong("app"))?,
            step: LoginStep::parse(&self.step).ok_or_else(|| wrong("step"))?,
            count: u64::try_from(self.count).map_err(|_| wrong("count"))?,
            channel: self.channel,
            purpose: self.purpose,
        })
    }
}

impl FunnelRows for SqlRows<'_> {
    async fn add_to_funnel(&mut self, row: &FunnelRow) -> RowResult<()> {
        let columns = FunnelColumns::of(row);
        let known = diesel::update(funnel::table.find(columns.id.clone()));
        let added = known.set(funnel::count.eq(funnel::count + columns.count));
        let added = added.execute(self.writing().await?).await;
        if self.answer(added)? > 0 {
            return Ok(());
        }
        let inserted =
            diesel::insert_into(funnel::table).values(columns).execute(self.writing().await?).await;
        self.answer(inserted).map(drop)
    }

    async fn funnel(
        &mut self,
        period: FunnelPeriod,
        from: Timestamp,
        to: Timestamp,
    ) -> RowResult<Vec<FunnelCount>> {
        let is_wanted = funnel::period
            .eq(period.as_str())
            .and(funnel::begins_at.ge(from.as_millis()))
            .and(funnel::begins_at.lt(to.as_millis()));
        let query = funnel::table.filter(is_wanted).select(FunnelColumns::as_select());
        let found: QueryResult<Vec<FunnelColumns>> = query.load(self.reading().await?).await;
        self.answer(found)?.into_iter().map(FunnelColumns::into_count).collect()
    }
}
